// A home visit: the questions come from the pack, as the office wrote them.
import { questionnaire } from '../pack.ts'
import { dayOf, when, type Kind } from './kind.ts'

export const visit: Kind = {
  name: 'visit', title: '走访登记', button: '保存走访', about: 'child', pictures: true, siblings: true,
  form() {
    const found = questionnaire('home_visit')
    const sections = [{ id: 'day', zh: '', items: when('哪天去的？') }, ...(found ? found.sections : [])]
    return { ...found, sections } // with what follows from the answers: flags, attention, days to the next visit
  },
  refuses: ({ seen }): Record<string, string> => (['child', 'carer', 'parent'].some((one) => (seen || []).includes(one)) ? {} : { seen: '只见到邻居或老师不算走访，请回去点“去了，没见到人”。' }),
  body({ when: _, when_day: __, ...answers }, { child }, { photos, signature, siblings, together }) {
    const form = questionnaire('home_visit')
    return { child: child!.id, questionnaire: 'home_visit', version: form?.version || 1, answers, occurred_on: dayOf({ when: _, when_day: __ }), photos, signature, siblings, together }
  },
}

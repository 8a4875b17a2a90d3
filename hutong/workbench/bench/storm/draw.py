"""The jobs of the storm: the worker's own loop until nothing waits, in the worker's role."""

from __future__ import annotations


def main() -> None:
    """Until the queue is empty."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("work", once=True)


if __name__ == "__main__":
    main()

"""The page on phones: what each still holds, when it was last heard of, and taking one off. Phones are staff's."""

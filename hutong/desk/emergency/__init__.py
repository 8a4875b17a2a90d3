"""Emergency access and its review. Pages only; people.emergencies decides."""

"""From files to a scenario, and what is known of its numbers.

Reading: :mod:`.files` and :mod:`.reader` (with :mod:`.literals`) give trees with places, :mod:`.load` lays them over
one another and :mod:`.settings` over them; :mod:`.validate` makes a scenario of the tree or, by :mod:`.fields`,
:mod:`.translate` and :mod:`.problems`, says what is wrong. :mod:`.resolved` writes it back, :mod:`.study` begins one.

Known: :mod:`.evidence` (with :mod:`.spread`), :mod:`.meaning`, and :mod:`.explain`, which puts them beside the values.
"""

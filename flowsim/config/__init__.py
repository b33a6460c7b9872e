"""From files to a scenario, what is known of its numbers, and what its services are asked for.

Reading: :mod:`.files` and :mod:`.reader` (with :mod:`.literals`) give trees with places, :mod:`.load` lays them over
one another and :mod:`.settings` over them; :mod:`.validate` makes a scenario of the tree or, by :mod:`.fields`,
:mod:`.translate` and :mod:`.problems`, says what is wrong. :mod:`.resolved` writes it back, :mod:`.study` begins one.

Known: :mod:`.evidence` (with :mod:`.spread`), :mod:`.meaning`, and :mod:`.explain`, which puts them beside the values.

Asked for, without a run: :mod:`.laws` of durations; :mod:`.flows` of people who come, as initiatives change them
(:mod:`.reaching`); their way through hospital (:mod:`.passage`, :mod:`.leaving`, :mod:`.at_first`) and home
(:mod:`.home`); :mod:`.ways` to each service, as :mod:`.streams`, some by :mod:`.teams`; :mod:`.loads` against what
there is, :mod:`.blocking` of beds, and :mod:`.stability`, which says by :mod:`.periods` what runs short.
:mod:`.horizons` and :mod:`.unheeded` warn of dates and initiatives.
"""

"""What the services of a scenario are asked for and have, by day, worked out without a run.

:mod:`.laws` of durations; :mod:`.flows` of people who come, as initiatives change them (:mod:`.reaching`); their way
through hospital (:mod:`.passage`, :mod:`.leaving`, :mod:`.at_first`) and home (:mod:`.home`); :mod:`.ways` to each
service, as :mod:`.streams`, some by :mod:`.teams`; :mod:`.loads` against what there is, :mod:`.blocking` of beds, and
:mod:`.stability`, which says by :mod:`.periods` what runs short. :mod:`.horizons` and :mod:`.unheeded` warn of dates
and initiatives.
"""

# A second suspend of a suspended device does nothing and says 0; so
# does a second resume of one that runs (KERNEL.md A.7).
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d
suspend d --noflush
info d
resume d
resume d --noflush
info d
----
create d = ok
suspend d = ok
suspend d --noflush = ok
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        0
  Event number:      0
resume d = ok
resume d --noflush = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0

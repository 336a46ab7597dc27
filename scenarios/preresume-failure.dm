# A target's preresume fails: the resume says so, and the device stays
# suspended with a in its core (F16). The next resume may succeed.
era: 2.6.20 2.6.19
mode: bio
model-only: no target of these has a preresume

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d --noflush
io a d w 0 8
fault preresume d
resume d
info d
resume d
wait a
io b d r 0 8
----
create d = ok
suspend d --noflush = ok
resume d = EINVAL
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        1
  Event number:      0
resume d = ok
io a = ok
io b = ok, reads a*8

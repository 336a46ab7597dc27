# A resume while a suspend is under way finds the device not suspended
# and does nothing: it says 0, and the suspend goes on (KERNEL.md A.7).
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d r 0 8
suspend d --noflush --tag s &
resume d
release sda ok
wait s
info d
----
create d = ok
resume d = ok
io a = ok, reads -*8
suspend d --noflush --tag s = ok
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        0
  Event number:      0

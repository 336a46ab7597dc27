# As two-suspenders, but the first one is interrupted: the second gets
# suspend_lock, finds the device not suspended and suspends it itself,
# without the flag.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d r 0 8
suspend d --noflush --tag n &
suspend d --tag f &
signal n
wait n
release sda ok
wait f
info d
----
create d = ok
suspend d --noflush --tag n = EINTR
io a = ok, reads -*8
suspend d --tag f = ok
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        0
  Event number:      0

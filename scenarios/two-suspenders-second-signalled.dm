# A signal to a suspend that waits for another one: suspend_lock is
# taken without regard to signals (KERNEL.md A.4, S0), so that it goes
# on waiting, and says -EINVAL as without the signal.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d r 0 8
suspend d --noflush --tag n &
suspend d --tag f &
signal f
release sda ok
wait n
wait f
----
create d = ok
io a = ok, reads -*8
suspend d --noflush --tag n = ok
suspend d --tag f = EINVAL

# A suspend without the flag comes while one with it is under way: it
# waits for suspend_lock, finds the device suspended, and says -EINVAL.
# One that comes later finds that before it begins, and says 0, although
# a, which it was to flush, is held in the core (F15).
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io b mp r 0 8
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --noflush --tag n &
suspend mp --tag f &
release sda ok
wait n
wait f
suspend mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
io b = ok, reads -*8
suspend mp --noflush --tag n = ok
suspend mp --tag f = EINVAL
suspend mp = ok
io a = held in the core
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
io b = ok, reads -*8
suspend mp --noflush --tag n = ok
suspend mp --tag f = EINVAL
suspend mp = ok

# A device is not removed while a suspend waits for I/O that is with the
# disk, and the suspend does not notice. Once the application is gone
# the suspended device may be removed.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
suspend mp --noflush --tag s &
remove mp
release sda ok
wait s
wait a
remove mp
----
create mp = ok
remove mp = EBUSY
io a = ok
suspend mp --noflush --tag s = ok
remove mp = ok

# a is with its only path when the suspend begins, and the path fails: a
# fails before the suspend has returned; the error target does not see
# it.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
suspend mp --tag s &
release sda error
wait s
load mp
  0 2048 error
resume mp
wait a
----
create mp = ok
io a = EIO
suspend mp --tag s = ok
load mp = ok
resume mp = ok

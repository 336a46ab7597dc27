# A table of the error target in place of the paths: what waits in the
# target fails in either case, flushed by the implicit suspend, or
# pushed back and then failed by the error target.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create m1
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create m2
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message m1 0 fail_path /dev/sda
message m2 0 fail_path /dev/sda
io a m1 r 0 8
io b m2 r 0 8
load m1
  0 2048 error
resume m1
load m2
  0 2048 error
resume m2 --noflush
wait b
io c m2 r 0 8
table m2
----
create m1 = ok
create m2 = ok
message m1 0 fail_path /dev/sda = ok
message m2 0 fail_path /dev/sda = ok
load m1 = ok
io a = EIO
resume m1 = ok
load m2 = ok
io b = EIO
resume m2 --noflush = ok
io c = EIO
  0 2048 error
table m2 = ok

# The error target in place of the paths: a is pushed back, the suspend
# reports no error, and a fails when the resume issues it.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
load mp
  0 2048 error
resume mp
wait a
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
io a = EIO
resume mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
load mp = ok
resume mp = ok

# a is pushed back, and after the resume, still without a path, waits in
# the target again. The path that a message brings back dispatches it,
# although no path was ever chosen before.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
resume mp
message mp 0 reinstate_path /dev/sda
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
resume mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
resume mp = ok
message mp 0 reinstate_path /dev/sda = ok
io b = ok, reads -*8

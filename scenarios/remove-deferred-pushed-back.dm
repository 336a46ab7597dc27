# A deferred remove while the device is suspended and its core holds
# pushed-back I/O: suspend, resume and messages go on working, a is
# issued by the resume, and the device goes when a is done and closed.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
remove mp --deferred
message mp 0 reinstate_path /dev/sda
resume mp
wait a
table mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = EBUSY
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
remove mp --deferred = ok
message mp 0 reinstate_path /dev/sda = ENXIO
resume mp = ENXIO
table mp = ENXIO
---- kernel 6.1 6.12
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
table mp = not reached
io a = held in the target
---- kernel 6.1 6.12 rq
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
table mp = not reached
io a = held in the core

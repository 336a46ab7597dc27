# a waits in the target, and the next table is half as
# large, of multipath too, because today's kernels do not replace it by
# anything else. 2.6.20 refuses another size after a noflush suspend
# (F13); since 2.6.31 the device keeps its bdev and may shrink.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
load mp
  0 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = EINVAL
load mp = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
load mp = ok
resume mp = ok
load mp = ok
resume mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# dm_swap_table does not compare the sizes any more, __bind calls
# set_capacity: the first resume takes the smaller table and issues a.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
load mp = ok
resume mp = ok
io b = ok, reads a*8
---- kernel 6.1 6.12 rq
# dm_swap_table does not compare the sizes any more, __bind calls
# set_capacity: the first resume takes the smaller table and issues a.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
load mp = ok
resume mp = ok
io b = ok, reads a*8

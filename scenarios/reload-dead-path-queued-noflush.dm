# a is pushed back, and the path of the next table is dead: the resume
# issues a, the path fails it, and the target of the new table, whose
# policy is to queue, holds it like b.
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
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
offline sdb
resume mp
io b mp r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = held in the target
io b = held in the target
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io b = held in the target
---- kernel 6.1 6.12 rq
# multipath_end_io: DM_ENDIO_REQUEUE when the path fails;
# multipath_clone_and_map: DM_MAPIO_DELAY_REQUEUE without one
# (must_push_back_rq): a and b are back in blk-mq, not in flight.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = held in the core
io b = held in the core

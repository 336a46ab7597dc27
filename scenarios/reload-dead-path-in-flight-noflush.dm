# a is with its only path when the suspend begins, the path fails, and
# the path of the next table is dead too: a is pushed back, issued
# again, and held in the new target. No error reaches the application.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
suspend mp --noflush --tag s &
release sda error
wait s
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
offline sdb
resume mp
io b mp r 0 8
---- 2.6.20
create mp = ok
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = ok
io a = held in the target
io b = held in the target
---- 2.6.19
create mp = ok
io a = EIO
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = ok
io b = held in the target
---- kernel 6.1 6.12 rq
# multipath_end_io: DM_ENDIO_REQUEUE when the path fails;
# multipath_clone_and_map: DM_MAPIO_DELAY_REQUEUE without one
# (must_push_back_rq): a and b are back in blk-mq, not in flight.
create mp = ok
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = ok
io a = held in the core
io b = held in the core

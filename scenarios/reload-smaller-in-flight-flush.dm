# a is with its only path when the suspend begins, and fails with it.
# After a suspend that flushes the smaller table is taken.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
suspend mp --tag s &
release sda error
wait s
load mp
  0 1024 linear /dev/sdb 0
resume mp
wait a
table mp
io b mp r 0 8
----
create mp = ok
io a = EIO
suspend mp --tag s = ok
load mp = ok
resume mp = ok
  0 1024 linear 8:16 0
table mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# table_load: multipath is DM_TARGET_IMMUTABLE
# (dm_get_immutable_target_type), so that the old table stays, without a
# path: b waits in the target.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
suspend mp --tag s = ok
io a = EIO
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io b = held in the target

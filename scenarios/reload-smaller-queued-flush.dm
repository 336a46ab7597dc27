# After a suspend that flushes, a smaller table is taken. a was flushed
# and has failed; the application that saw it could not know that
# another table was coming.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp
load mp
  0 1024 linear /dev/sdb 0
resume mp
wait a
table mp
io b mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp = ok
load mp = ok
resume mp = ok
  0 1024 linear 8:16 0
table mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# table_load: -EINVAL, multipath is DM_TARGET_IMMUTABLE
# (dm_get_immutable_target_type). The old table stays, the resume
# restores the policy, and b waits in the target (__map_bio).
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
io a = EIO
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io b = held in the target

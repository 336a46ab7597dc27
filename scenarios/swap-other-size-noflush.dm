# After a noflush suspend 2.6.20 has no suspended_bdev and cannot change
# the size: the swap says -EINVAL, the new table is gone, and the device
# stays suspended with a held in the core until it is resumed once more
# (F13, KERNEL.md A.6). The series itself does not check.
era: 2.6.20 series:7 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --noflush
load mp
  0 1024 linear /dev/sda 0
resume mp
info mp
message mp 0 reinstate_path /dev/sda
resume mp
table mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = EINVAL
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        1
  Event number:      1
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok, reads -*8
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- series:7
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok, reads -*8
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      1
message mp 0 reinstate_path /dev/sda = EINVAL
resume mp = ok
  0 1024 linear 8:0 0
table mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
load mp = ok
resume mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      1
message mp 0 reinstate_path /dev/sda = EINVAL
resume mp = ok
  0 1024 linear 8:0 0
table mp = ok
---- kernel 6.1 6.12
# table_load: -EINVAL, multipath is DM_TARGET_IMMUTABLE
# (dm_get_immutable_target_type). The first resume has nothing to swap,
# and a waits in the target (__map_bio) until the message.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
resume mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        1
  Event number:      1
message mp 0 reinstate_path /dev/sda = ok
io a = ok, reads -*8
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok

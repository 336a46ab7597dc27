# A suspend without the flag of a device that was suspended with it says
# 0 and does nothing (KERNEL.md A.7): it does not flush what was pushed
# back (F15), and 2.6.20 still refuses a table of another size (F13).
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --noflush
suspend mp
load mp
  0 1024 linear /dev/sda 0
resume mp
table mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
suspend mp = ok
load mp = ok
resume mp = EINVAL
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = held in the core
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
suspend mp = ok
load mp = ok
resume mp = ok
  0 1024 linear 8:0 0
table mp = ok
---- kernel 6.1 6.12
# table_load: -EINVAL, multipath is DM_TARGET_IMMUTABLE
# (dm_get_immutable_target_type). The resume has nothing to swap,
# restores the policy, and a waits in the target (__map_bio).
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
suspend mp = ok
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the target

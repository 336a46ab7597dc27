# a comes while the device is suspended, and the table becomes smaller,
# but not too small for a: a is issued by the new table.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
suspend mp
io a mp w 0 8
load mp
  0 1024 linear /dev/sdb 0
resume mp
wait a
table mp
io b mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
load mp = ok
resume mp = ok
io a = ok
  0 1024 linear 8:16 0
table mp = ok
io b = ok, reads a*8
---- kernel 6.1 6.12
# table_load: multipath is DM_TARGET_IMMUTABLE
# (dm_get_immutable_target_type), so that the old table stays, without a
# path: a waits in the target, and `wait a` never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
resume mp = ok
table mp = not reached
io a = held in the target
io b = not issued

# a is with its only path when the suspend begins, and the path fails: a
# is pushed back. 2.6.20 refuses the smaller table after a noflush
# suspend (F13) and stays suspended, with a in the core, until a table
# of the old size comes.
era: 2.6.20 2.6.19
mode: bio

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
  0 1024 linear /dev/sdb 0
resume mp
load mp
  0 2048 linear /dev/sdb 0
resume mp
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = EINVAL
load mp = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
io a = EIO
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = ok
load mp = ok
resume mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# table_load: multipath is DM_TARGET_IMMUTABLE
# (dm_get_immutable_target_type), so that the old table stays, without a
# path: the first resume has nothing to refuse, a waits in the target,
# and `wait a` never ends.
create mp = ok
suspend mp --noflush --tag s = ok
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
resume mp = ok
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
resume mp = ok
io a = held in the target
io b = not issued

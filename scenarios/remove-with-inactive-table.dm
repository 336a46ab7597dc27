# A running multipath device with a second table loaded is removed: both
# tables go, the live one after presuspend of its target.
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
io a mp w 0 8
wait a
load mp
  0 2048 linear /dev/sda 0
info mp
remove mp
info mp
----
create mp = ok
io a = ok
load mp = ok
  State:             ACTIVE
  Tables present:    LIVE & INACTIVE
  Open count:        0
  Event number:      0
remove mp = ok
  Device does not exist.
---- kernel 6.1 6.12
# table_load: -EINVAL, multipath is DM_TARGET_IMMUTABLE
# (dm_get_immutable_target_type), so there is no second table.
create mp = ok
io a = ok
  device-mapper: ioctl: can't replace immutable target type multipath
load mp = EINVAL
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
remove mp = ok
  Device does not exist.

# A table that names a disk which is not plugged in is refused by the
# load; the live table stays, with what waits in it.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
unplug sda
io a mp w 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
replug sda
message mp 0 reinstate_path /dev/sda
wait a
io b mp r 0 8
----
create mp = ok
load mp = EINVAL
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok, reads a*8
---- kernel 6.1
# parse_path hands on the error of dm_get_device, -ENODEV where
# dm_get_dev_t finds no such name; dm_table_add_target logs it. 2.6.20
# made -EINVAL of every error.
create mp = ok
  device-mapper: table: 253:0: multipath: error getting device (-ENODEV)
load mp = ENODEV
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok, reads a*8
---- kernel 6.12
# parse_path hands on the error of dm_get_device, the -ENOENT of
# lookup_bdev (dm_devt_from_path); dm_table_add_target logs it. 2.6.20
# made -EINVAL of every error.
create mp = ok
  device-mapper: table: 253:0: multipath: error getting device (-ENOENT)
load mp = ENOENT
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok, reads a*8

# I/O to a device that runs without a table fails (KERNEL.md A.2,
# __split_bio); a message to it does nothing and says 0.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d --notable
io a d r 0 8
message d 0 fail_path /dev/sda
status d
----
create d --notable = ok
io a = EIO
message d 0 fail_path /dev/sda = ok
status d = ok
---- kernel 6.1.176
# The disk is added with the first table (table_load,
# dm_setup_md_queue), so open says -ENXIO (blkdev_get_no_open).
create d --notable = ok
io a = ENXIO
message d 0 fail_path /dev/sda = ok
status d = ok
---- kernel 6.1 6.12
# The disk is added with the first table (table_load,
# dm_setup_md_queue), so open says -ENXIO (blkdev_get_no_open).
# target_message: -EINVAL without a table (6.1.178; not yet in 6.1.176).
create d --notable = ok
io a = ENXIO
message d 0 fail_path /dev/sda = EINVAL
status d = ok

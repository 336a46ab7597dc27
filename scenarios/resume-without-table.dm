# A device without a table: a resume has nothing to do, a suspend works,
# and then a resume says -EINVAL, and the device stays suspended
# (KERNEL.md A.5, R1), until a table is loaded. I/O waits for it.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d --notable
resume d
info d
suspend d
io a d r 0 8
resume d
info d
load d
  0 2048 linear /dev/sda 0
info d
resume d
info d
----
create d --notable = ok
resume d = ok
  State:             ACTIVE
  Tables present:    None
  Open count:        0
  Event number:      0
suspend d = ok
resume d = EINVAL
  State:             SUSPENDED
  Tables present:    None
  Open count:        1
  Event number:      0
load d = ok
  State:             SUSPENDED
  Tables present:    INACTIVE
  Open count:        1
  Event number:      0
resume d = ok
io a = ok, reads -*8
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
---- kernel 6.1 6.12
# The disk is added with the first table (table_load,
# dm_setup_md_queue), so open says -ENXIO (blkdev_get_no_open): a is
# never issued, and nobody has the device open.
create d --notable = ok
resume d = ok
  State:             ACTIVE
  Tables present:    None
  Open count:        0
  Event number:      0
suspend d = ok
io a = ENXIO
resume d = EINVAL
  State:             SUSPENDED
  Tables present:    None
  Open count:        0
  Event number:      0
load d = ok
  State:             SUSPENDED
  Tables present:    INACTIVE
  Open count:        0
  Event number:      0
resume d = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0

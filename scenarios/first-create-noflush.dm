# The first table of a device, resumed with the flag: the implicit
# suspend is a noflush one, and 2.6.20 then refuses to change the size
# from 0: -EINVAL. The device stays suspended without a table, and no
# further load helps (KERNEL.md A.6); only a remove does.
era: 2.6.20 series:7 2.6.19
mode: bio

disk sda 2048
create d --notable
load d
  0 2048 linear /dev/sda 0
resume d --noflush
info d
load d
  0 2048 linear /dev/sda 0
resume d
info d
remove d
---- 2.6.20
create d --notable = ok
load d = ok
resume d --noflush = EINVAL
  State:             SUSPENDED
  Tables present:    None
  Open count:        0
  Event number:      0
load d = ok
resume d = EINVAL
  State:             SUSPENDED
  Tables present:    None
  Open count:        0
  Event number:      0
remove d = ok
---- series:7 2.6.19
create d --notable = ok
load d = ok
resume d --noflush = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
load d = ok
resume d = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
remove d = ok
---- kernel 6.1 6.12
# dm_swap_table does not ask a noflush suspend for the same size any
# more: __bind sets it, both resumes succeed, and the device is active.
create d --notable = ok
load d = ok
resume d --noflush = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
load d = ok
resume d = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
remove d = ok

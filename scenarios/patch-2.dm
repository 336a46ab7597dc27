# Patch 2 gives dm_suspend a word of flags instead of one argument; with
# and without lockfs it does as before. The armed failure shows whether
# lock_fs is called: not with --nolockfs, and once without.
era: series:2 series:1 2.6.19
mode: bio
model-only: freeze_bdev does not fail on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault lock_fs d
suspend d --nolockfs
resume d
suspend d
info d
suspend d
info d
----
create d = ok
suspend d --nolockfs = ok
resume d = ok
suspend d = EROFS
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
suspend d = ok
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        0
  Event number:      0

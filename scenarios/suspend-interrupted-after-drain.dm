# A signal alone does not interrupt a suspend: what counts is whether
# I/O is pending once NOFLUSH is cleared (KERNEL.md A.4, S11). Here the
# signal has been seen, but a completes before the second look: success.
era: 2.6.20 2.6.19
mode: bio
model-only: a completes between two instructions of dm_suspend

disk sda 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d w 0 8
suspend d --noflush --tag s &
step s until S8c
signal s
step s until S9a
release sda ok
wait a
step s
wait s
info d
----
create d = ok
io a = ok
suspend d --noflush --tag s = ok
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        0
  Event number:      0

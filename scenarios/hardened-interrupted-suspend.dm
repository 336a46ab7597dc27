# What policy-lost-after-interruption.dm shows, under the change of
# docs/hardened.md: the interrupted suspend undoes presuspend before it
# clears NOFLUSH (S9d), so that b and c wait for a path, and get one.
era: hardened
mode: bio
model-only: no kernel has the change

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
message mp 0 fail_path /dev/sda
io b mp r 0 8
suspend mp --noflush --tag s &
signal s
wait s
table mp
io c mp r 0 8
release sda ok
wait a
message mp 0 reinstate_path /dev/sda
wait b
wait c
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = ok, reads -*8
message mp 0 reinstate_path /dev/sda = ok
io b = ok, reads -*8
io c = ok, reads -*8

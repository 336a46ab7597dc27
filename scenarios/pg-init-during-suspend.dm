# A group is being initialised when the suspend comes: there is a path,
# so the target neither fails nor pushes back what waits. The suspend
# waits for the pg_init, which lets the I/O flow.
era: 2.6.20 2.6.19
mode: bio
model-only: the handler's command ends when the file says so

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 1 emc 1 1 \
    round-robin 0 1 1 /dev/sda 1000
io a mp r 0 8
status mp
suspend mp --noflush --tag s &
io b mp r 8 8
step mp.pg_init_complete
wait s
resume mp
----
create mp = ok
  0 2048 multipath 1 1 0 1 1 A 0 1 0 8:0 A 0
status mp = ok
io a = ok, reads -*8
suspend mp --noflush --tag s = ok
resume mp = ok
io b = ok, reads -*8

# One device over a multipath device and an error target, each a device
# of its own below it, because today's kernels let multipath stand in a
# table alone. a spans both: one part is held, the other fails; noflush
# does not turn the other's error into pushback, for nobody asked.
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create top
  0 1024 linear /dev/mapper/mp 0
  1024 1024 error
message mp 0 fail_path /dev/sda
io a top w 1020 8
suspend top --noflush --tag s &
message mp 0 reinstate_path /dev/sda
wait s
resume top
----
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sda = ok
io a = EIO
suspend top --noflush --tag s = ok
resume top = ok

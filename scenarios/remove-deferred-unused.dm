# A deferred remove of a device that nobody has open is an ordinary one,
# also while it is suspended.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d --noflush
remove d --deferred
table d
----
create d = ok
suspend d --noflush = ok
remove d --deferred = ok
table d = ENXIO

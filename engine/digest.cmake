# digest.cmake: a header that names the engine's sources by their SHA-256, so that what an older engine kept in the layer
# cache is not taken for what this one would find. cmake -DENGINE=DIR -DOUT=FILE -P digest.cmake
cmake_minimum_required(VERSION 3.25)
file(GLOB_RECURSE PARTS RELATIVE ${ENGINE} ${ENGINE}/*.c ${ENGINE}/*.h ${ENGINE}/*.def ${ENGINE}/*.inc)
list(SORT PARTS)
foreach(part ${PARTS})
  file(SHA256 ${ENGINE}/${part} digest)
  string(APPEND ALL "${part} ${digest}\n")
endforeach()
string(SHA256 ALL_DIGEST "${ALL}")
file(CONFIGURE OUTPUT ${OUT} CONTENT "#define SILT_ENGINE_DIGEST \"@ALL_DIGEST@\"\n" @ONLY)

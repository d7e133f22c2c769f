// The processor's square roots of several numbers at once. Swift's own squareRoot() takes them one by one.

#ifndef CVECTORS_H
#define CVECTORS_H

typedef float vector_float4 __attribute__((ext_vector_type(4)));
typedef float vector_float8 __attribute__((ext_vector_type(8)));
typedef float vector_float16 __attribute__((ext_vector_type(16)));

#define CVECTORS_INLINE static inline __attribute__((always_inline))

CVECTORS_INLINE vector_float4 square_roots_4(vector_float4 x) {
  return __builtin_elementwise_sqrt(x);
}

CVECTORS_INLINE vector_float8 square_roots_8(vector_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

CVECTORS_INLINE vector_float16 square_roots_16(vector_float16 x) {
  return __builtin_elementwise_sqrt(x);
}

#endif

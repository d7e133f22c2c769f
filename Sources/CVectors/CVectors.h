// What Swift's own vectors do number by number, and the processor with all at once: square roots, comparisons, and the
// choice between two numbers by a comparison. No number is made here that Swift would not make.

#ifndef CVECTORS_H
#define CVECTORS_H

#define CVECTORS(WIDTH)                                                                                     \
  typedef float vector_float##WIDTH __attribute__((ext_vector_type(WIDTH)));                                \
  typedef int vector_int##WIDTH __attribute__((ext_vector_type(WIDTH)));                                    \
                                                                                                            \
  static inline __attribute__((always_inline)) vector_float##WIDTH square_roots_##WIDTH(                    \
      vector_float##WIDTH x) {                                                                              \
    return __builtin_elementwise_sqrt(x);                                                                   \
  }                                                                                                         \
                                                                                                            \
  /* All bits set where the left number is less than the right one. */                                      \
  static inline __attribute__((always_inline)) vector_int##WIDTH less_##WIDTH(                              \
      vector_float##WIDTH left, vector_float##WIDTH right) {                                                \
    return left < right;                                                                                    \
  }                                                                                                         \
                                                                                                            \
  static inline __attribute__((always_inline)) vector_int##WIDTH equal_##WIDTH(                             \
      vector_float##WIDTH left, vector_float##WIDTH right) {                                                \
    return left == right;                                                                                   \
  }                                                                                                         \
                                                                                                            \
  /* The bits of the first number where all bits are set, those of the second where none is. */             \
  static inline __attribute__((always_inline)) vector_float##WIDTH select_##WIDTH(                          \
      vector_int##WIDTH condition, vector_float##WIDTH yes, vector_float##WIDTH no) {                       \
    return (vector_float##WIDTH)((condition & (vector_int##WIDTH)yes) |                                     \
                                 (~condition & (vector_int##WIDTH)no));                                     \
  }                                                                                                         \
  static inline __attribute__((always_inline)) vector_int##WIDTH either_##WIDTH(                            \
      vector_int##WIDTH left, vector_int##WIDTH right) {                                                    \
    return left | right;                                                                                    \
  }

CVECTORS(4)
CVECTORS(8)
CVECTORS(16)

#endif

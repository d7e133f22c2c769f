// What Swift's own vectors do number by number, and the processor with all at once: square roots, comparisons, the
// choice between two numbers by a comparison, and a square turned over. No number is made here that Swift would not make.

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

/* Sixteen rows of sixteen numbers, turned into columns. Four times, the first half of the rows is shuffled with the
   second as a pack of cards: number by number, so that each round moves one bit of a row's index to a column's. */
static inline __attribute__((always_inline)) void transpose_16(float *square) {
  vector_float16 from[16], to[16];
  for (int row = 0; row < 16; row++) __builtin_memcpy(&from[row], square + 16 * row, sizeof from[row]);
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; round++) {
#pragma clang loop unroll(full)
    for (int row = 0; row < 8; row++) {
      to[2 * row] = __builtin_shufflevector(
          from[row], from[row + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      to[2 * row + 1] = __builtin_shufflevector(
          from[row], from[row + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < 16; row++) from[row] = to[row];
  }
  for (int row = 0; row < 16; row++) __builtin_memcpy(square + 16 * row, &from[row], sizeof from[row]);
}

#endif

import Foundation

/// What a Content-Security-Policy calls the one style or script that it lets in.
func policyName(of text: String) -> String {
  "sha256-" + Data(sha256(Array(text.utf8))).base64EncodedString()
}

/// The SHA-256 of bytes.
///
/// National Institute of Standards and Technology: Secure Hash Standard, FIPS 180-4, 2015,
/// doi:10.6028/NIST.FIPS.180-4.
///
/// - Returns: 32 bytes.
func sha256(_ message: [UInt8]) -> [UInt8] {
  var state = fractions(ofRoots: 2, count: 8)
  let constants = fractions(ofRoots: 3, count: 64)
  var padded = message + [0x80]
  padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
  padded += bigEndian(UInt64(message.count) * 8)
  for start in stride(from: 0, to: padded.count, by: 64) {
    var words = stride(from: start, to: start + 64, by: 4).map { place in
      padded[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<64 {
      let (early, late) = (words[index - 15], words[index - 2])
      let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
      let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
      words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
    }
    var v = state
    for (constant, word) in zip(constants, words) {
      let choice = v[4] & v[5] ^ ~v[4] & v[6]
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      let mixed = v[7] &+ (rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25))
      let next = mixed &+ choice &+ constant &+ word
      let top = next &+ (rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)) &+ majority
      v = [top, v[0], v[1], v[2], v[3] &+ next, v[4], v[5], v[6]]
    }
    state = zip(state, v).map { $0 &+ $1 }
  }
  return state.flatMap(bigEndian)
}

private func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
  word >> count | word << (32 - count)
}

private func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

/// The first 32 bits behind the point of the square or cube roots of the first primes.
private func fractions(ofRoots degree: Int, count: Int) -> [UInt32] {
  let primes = (2...).lazy.filter { number in (2..<number).allSatisfy { number % $0 != 0 } }
  return primes.prefix(count).map { prime in
    // The root × 2³², bit by bit: the largest number whose power is at most that of the prime.
    let power = UInt128(prime) << (32 * degree)
    let root = (0..<37).reversed().reduce(UInt128(0)) { root, bit in
      let trial = root | 1 << bit
      return (1..<degree).reduce(trial) { product, _ in product * trial } <= power ? trial : root
    }
    return UInt32(truncatingIfNeeded: root)
  }
}

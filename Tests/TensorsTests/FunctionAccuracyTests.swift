import Foundation
import Tensors
import Testing

/// The functions of one number against the C library's in `Double`.
@Suite struct FunctionAccuracyTests {
  @Test func exponentialIsWithinOneAndAHalfUnits() {
    let results = applied(.exp, sweep)
    for (x, y) in zip(sweep, results) where !x.isNaN {
      if x < -87.336_54 {
        #expect(y == 0, "exp(\(x))")
      } else if x > 88.722_83 {
        #expect(y == .infinity, "exp(\(x))")
      } else if unitsInLastPlace(y, from: Foundation.exp(Double(x))) > 1.5 {
        Issue.record("exp(\(x)) = \(y), not \(Foundation.exp(Double(x)))")
      }
    }
    #expect(applied(.exp, [Float(0), -0.0]) == [1, 1])
    #expect(applied(.exp, [Float.infinity, -.infinity]) == [.infinity, 0])
  }

  @Test func logarithmIsWithinOneAndAHalfUnitsOfItselfOrOne() {
    for (x, y) in zip(sweep, applied(.log, sweep)) where x > 0 && x.isFinite {
      let exact = Foundation.log(Double(x))
      let unit = Double(Float(Swift.max(Swift.abs(exact), 1)).ulp)
      if Swift.abs(Double(y) - exact) > 1.5 * unit {
        Issue.record("log(\(x)) = \(y), not \(exact)")
      }
    }
    #expect(applied(.log, [Float(0), -0.0]) == [-.infinity, -.infinity])
    #expect(applied(.log, [Float(1), .infinity]) == [0, .infinity])
    let negative = applied(.log, [-1, -Float.leastNonzeroMagnitude, -.infinity])
    #expect(negative.allSatisfy { $0.isNaN })
  }

  @Test func tangentIsWithinTwoUnits() {
    for (x, y) in zip(sweep, applied(.tanh, sweep)) where !x.isNaN {
      let exact = Foundation.tanh(Double(x))
      if unitsInLastPlace(y, from: exact) > 2 { Issue.record("tanh(\(x)) = \(y), not \(exact)") }
      if Swift.abs(y) > 1 { Issue.record("tanh(\(x)) = \(y)") }
    }
    #expect(applied(.tanh, [-0.0, 0, .infinity, -.infinity] as [Float]) == [0, 0, 1, -1])
  }

  @Test func sigmoidIsWithinThreeUnits() {
    for (x, y) in zip(sweep, applied(.sigmoid, sweep)) where !x.isNaN {
      let exact = 1 / (1 + Foundation.exp(-Double(x)))
      if exact < 1.2e-38 {
        if y > 1.2e-38 { Issue.record("sigmoid(\(x)) = \(y)") }
      } else if unitsInLastPlace(y, from: exact) > 3 {
        Issue.record("sigmoid(\(x)) = \(y), not \(exact)")
      }
    }
    #expect(applied(.sigmoid, [0, .infinity, -.infinity] as [Float]) == [0.5, 1, 0])
  }

  @Test func squareRootIsRightlyRounded() {
    for (x, y) in zip(sweep, applied(.sqrt, sweep)) where !x.isNaN {
      if !same(y, Float(Double(x).squareRoot())) { Issue.record("sqrt(\(x)) = \(y)") }
    }
  }

  @Test func plainFunctionsAreTheirFormulas() {
    func check(_ function: UnaryFunction, _ formula: (Float) -> Float) {
      let wrong = zip(sweep, applied(function, sweep)).filter { !same(formula($0), $1) }
      #expect(wrong.isEmpty, "\(function)")
    }
    check(.negate) { -$0 }
    check(.abs) { Swift.abs($0) }
    check(.square) { $0 * $0 }
    check(.reciprocal) { 1 / $0 }
    check(.relu) { $0 < 0 ? 0 : $0 }
    check(.step) { $0 > 0 ? 1 : 0 }
    check(.sign) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
  }

  @Test(arguments: UnaryFunction.allCases)
  func notANumberStaysSo(function: UnaryFunction) {
    let y = applied(function, [Float.nan])[0]
    switch function {
    case .step, .sign: #expect(y == 0)
    default: #expect(y.isNaN)
    }
  }

  @Test func cosineOfHalfATurn() {
    for place in 0...10_000 {
      let angle = Double.pi * Double(place) / 10_000
      let error = Swift.abs(cosine(ofHalfTurn: angle) - Foundation.cos(angle))
      if error > 2e-15 { Issue.record("cosine(\(angle)) is off by \(error)") }
    }
    #expect(cosine(ofHalfTurn: 0) == 1)
    #expect(cosine(ofHalfTurn: .pi) == -1)
  }

  @Test func anglesAllAround() {
    for place in -5_000...5_000 {
      let turn = Double.pi * Double(place) / 5_000
      for radius in [1e-3, 1.0, 700] {
        let (x, y) = (radius * Foundation.cos(turn), radius * Foundation.sin(turn))
        let error = Swift.abs(angle(cosine: x, sine: y) - Foundation.atan2(y, x))
        if error > 2e-15 { Issue.record("the angle of (\(x), \(y)) is off by \(error)") }
      }
    }
    for small in [1e-3, 1e-8, 1e-15, 1e-100] {
      #expect(Swift.abs(angle(cosine: 1, sine: small) / Foundation.atan(small) - 1) < 4e-16)
    }
    #expect(angle(cosine: 0, sine: 0) == 0 && angle(cosine: 3, sine: 0) == 0)
    #expect(angle(cosine: -1, sine: 0) == .pi)
  }
}

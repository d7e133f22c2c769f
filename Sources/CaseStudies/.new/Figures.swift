import Illustrations
import NAMETask

extension NAME: Illustration {
}

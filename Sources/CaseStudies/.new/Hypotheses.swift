import Investigations
import NAMETask

extension NAME: Investigation {
}

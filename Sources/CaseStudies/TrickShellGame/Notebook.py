# What the notebook of this case computes besides what every notebook does.

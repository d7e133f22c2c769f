# What the notebook of this case (`make notebooks`) computes besides what every notebook does: cells
# of Python, each with an id and the section of the story that it stands behind. A cell with the id
# of one in Sources/compose/Cells.py stands in its place; what the cells there define can be used
# here.

# %% [markdown] id="about-train" after="suspects"
# Now it may learn, with every ballot at every step, from the weights that the specimen began with.

# %% id="train" after="suspects"
answers = targets["targets"]
weights, losses = learn(
    lambda step: (inputs, squared_error(answers)), steps=1000, rate=0.02, penalty=0.004)
draw(losses, "The loss falls")
right = np.mean(run(weights, inputs)[network["output"]] * answers > 0)
print(f"Right in {right:.0%} of {len(answers)} questions.")
assert right > 0.9

# %% [markdown] id="about-cut" after="trial"
# **Cut.** Each neuron of the specimen is set to zero in turn, while the network runs.

# %% id="cut" after="trial"
own = one(trained(), specimen)
width = own["W2"].shape[0]
clean = np.mean(sites["output"] * answers > 0)
lost = []
for unit in range(width):
    cut = run(own, inputs, {"hidden": lambda h: h * (np.arange(width) != unit)})
    lost.append(clean - np.mean(cut["output"] * answers > 0))
agrees("lost", lost)

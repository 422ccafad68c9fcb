RECIPE = {
    "description": "Run a checkpoint of a Great Expectations project; data that fail it fail the task.",
    "actions": ["check"],
    "services": ["great_expectations"],
    "distribution": "great-expectations",
}


def gx_checkpoint(checkpoint: str, project_folder: str = "") -> int:
    """Run `checkpoint` of the project in `project_folder` (empty: found as GX does) and count its expectations."""
    import great_expectations as gx

    context = gx.get_context(project_root_dir=project_folder) if project_folder else gx.get_context()
    result = context.checkpoints.get(checkpoint).run()
    counts = [run["statistics"] for run in result.describe_dict()["validation_results"]]
    if not result.success:
        raise ValueError(f"the data do not meet {checkpoint}: {counts}")
    return sum(item["evaluated_expectations"] for item in counts)

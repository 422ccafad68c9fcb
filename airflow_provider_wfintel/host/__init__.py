"""Floor 3: the Airflow side of the ports. Queries on Airflow's own tables live here and nowhere else."""

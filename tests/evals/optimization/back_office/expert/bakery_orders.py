from datetime import datetime
from airflow.sdk import dag, task
import etl_lib


@dag(dag_id="bakery_orders_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False)
def bakery_orders():
    @task
    def get_orders():
        return etl_lib.produce("orders", took=8)

    @task
    def notify_orders():
        etl_lib.tell("#bakery", "orders are there", took=5)

    @task
    def plan_dough(orders):
        return etl_lib.produce("dough", orders, took=5)

    @task
    def notify_dough():
        etl_lib.tell("#bakery", "dough is planned", took=5)

    @task
    def plan_tours(orders):
        return etl_lib.produce("tours", orders, took=7)

    @task
    def notify_tours():
        etl_lib.tell("#drivers", "tours are planned", took=5)

    @task
    def day_sheet(dough, tours):
        etl_lib.produce("day_sheet", dough, tours, took=3)

    orders = get_orders()
    dough, tours = plan_dough(orders), plan_tours(orders)
    orders >> notify_orders()
    dough >> notify_dough()
    tours >> notify_tours()
    day_sheet(dough, tours)


bakery_orders()

RECIPE = {
    "description": "Put a question about an upstream result to an OpenAI model.",
    "decorator": "task",
    "actions": ["transform", "query"],
    "services": ["openai"],
    "connections": {"conn_id": "openai_default"},
    "distribution": "apache-airflow-providers-openai",
}


def ask_openai(
    prompt: str, value: object = None, model: str = "gpt-4o-mini", conn_id: str = "openai_default"
) -> str:
    """Send `prompt` with `value` below it and return the answer."""
    import json

    from airflow.providers.openai.hooks.openai import OpenAIHook

    question = (
        prompt if value is None else f"{prompt}\n\n{json.dumps(value, ensure_ascii=False, default=str)}"
    )
    choices = OpenAIHook(conn_id=conn_id).create_chat_completion(
        [{"role": "user", "content": question}], model=model
    )
    return choices[0].message.content

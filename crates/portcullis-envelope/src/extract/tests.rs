//! Against what the real FastAPI answered, and what the extractors do within axum.

mod fastapi;
mod http;
